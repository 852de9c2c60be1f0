import { pragmaRule } from "../pragma-rule.ts";

export default pragmaRule("dockerfile", "SW-DF-PRAGMA");
