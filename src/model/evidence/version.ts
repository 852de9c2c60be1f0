/** Version of the evidence format; raised when an old file can no longer be judged. */
export const EVIDENCE_VERSION = 1;
