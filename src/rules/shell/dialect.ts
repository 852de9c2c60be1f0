import { type ShellRow, shellRules } from "./table.ts";

/** One construct that sh or dash lack: number, what it is, code that has it, code that does without. */
type Construct = [code: number, what: string, bad: string, good: string, how: string];

const CONSTRUCTS: readonly Construct[] = [
  [3001, "Process substitution", "cat <(date)", "date | cat", "use a pipe or a file"],
  [3002, "An extended pattern", "echo !(a)", "echo [!a]*", "use a plain pattern or case"],
  [3003, "$'…'", "printf %s $'a\\tb'", "printf 'a\\tb'", "let printf read the escapes"],
  [3004, '$"…"', 'echo $"hello"', 'echo "hello"', "leave the $ out"],
  [
    3005,
    "for ((…))",
    'for ((i=0;i<3;i=i+1)); do echo "$i"; done',
    'i=0; while [ "$i" -lt 3 ]; do echo "$i"; i=$((i+1)); done',
    "count in a while loop",
  ],
  [3006, "((…)) as a command", "((1 > 0)) && echo yes", "[ 1 -gt 0 ] && echo yes", "test with [ ]"],
  [3008, "select", 'select x in a b; do echo "$x"; done', 'for x in a b; do echo "$x"; done', "use a loop"],
  [3009, "Expansion of braces", "mkdir -p /app/{src,lib}", "mkdir -p /app/src /app/lib", "write the words"],
  [3010, "[[ ]]", "[[ -f x ]] && echo yes", "[ -f x ] && echo yes", "use [ ]"],
  [3011, "<<<", "cat <<< hello", "echo hello | cat", "use echo and a pipe"],
  [3012, "< and > in a test", '[ "$HOME" \\< b ]', '[ "$HOME" = b ]', "use expr or sort"],
  [3013, "-nt, -ot and -ef in a test", "[ a -nt b ]", "find a -newer b", "use find -newer"],
  [3014, "== in a test", '[ "$HOME" == / ]', '[ "$HOME" = / ]', "write ="],
  [3015, "=~ in a test", '[ "$HOME" =~ a ]', 'case "$HOME" in *a*) echo yes ;; esac', "use case or grep"],
  [3016, "-v in a test", "[ -v HOME ]", '[ -n "${HOME+x}" ]', "test ${VAR+x}"],
  [3017, "-a of a file in a test", "[ -a x ]", "[ -e x ]", "write -e"],
  [3018, "++ and --", "i=1; echo $((i++))", "i=1; echo $((i+1))", "write i=$((i+1))"],
  [3019, "**", "echo $((2**3))", "echo $((2*2*2))", "multiply"],
  [3020, "&>", "make &> log", "make > log 2>&1", "write > file 2>&1"],
  [3021, ">& before a file", "make >& log", "make > log 2>&1", "write > file 2>&1"],
  [3022, "Descriptors with names", "true {fd}> log", "exec 3> log", "use a number"],
  [3023, "Descriptors above 9", "true 10> log", "true 9> log", "use 3 to 9"],
  [3024, "+=", 'x=a; x+=b; echo "$x"', 'x=a; x="${x}b"; echo "$x"', 'write x="${x}b"'],
  [3025, "/dev/tcp", "true > /dev/tcp/localhost/80", "nc -z localhost 80", "use nc or curl"],
  [3028, "A variable of bash", 'echo "$RANDOM"', "od -An -N2 -tu2 /dev/urandom", "ask a program"],
  [3029, "|&", "make |& cat", "make 2>&1 | cat", "write 2>&1 |"],
  [3030, "Arrays", 'x=(a b); echo "$x"', 'set -- a b; echo "$1"', "use the positional parameters"],
  [3032, "coproc", "coproc cat", "cat &", "use a named pipe"],
  [
    3033,
    "Names of functions with other signs",
    "my-f() { true; }; my-f",
    "my_f() { true; }; my_f",
    "use letters, digits and _",
  ],
  [3034, "$(<file)", 'x="$(< file)"; echo "$x"', 'x="$(cat file)"; echo "$x"', "use cat"],
  [3035, "`<file`", 'x=`< file`; echo "$x"', 'x="$(cat file)"; echo "$x"', "use cat"],
  [3037, "Flags of echo", 'echo -e "a"', "printf 'a\\n'", "use printf"],
  [3038, "Flags of exec", "exec -a name true", "exec true", "leave them out"],
  [3039, "let", "let x=1+1", "x=$((1+1))", "write x=$((…))"],
  [3040, "An option of set", "set -o posix", "set -o errexit", "choose bash with SHELL"],
  [3041, "A flag of set", "set -E", "set -e", "choose bash with SHELL"],
  [3043, "local", "f() { local x; }; f", 'f() ( x=1; echo "$x" ); f', "use a subshell as the body"],
  [3044, "A command of bash", "declare x=1", "x=1", "do without, or choose bash with SHELL"],
  [
    3045,
    "A flag of a builtin",
    'read -r -n 1 x; echo "$x"',
    'read -r x; echo "$x"',
    "choose bash with SHELL",
  ],
  [3046, "source", "source ./env", ". ./env", "write ."],
  [3047, "trap of ERR, DEBUG or RETURN", "trap 'echo no' ERR", "trap 'echo no' EXIT", "trap EXIT"],
  [3048, "The prefix SIG", "trap 'echo no' SIGINT", "trap 'echo no' INT", "write the name without SIG"],
  [3049, "Names of signals in small letters", "trap 'echo no' int", "trap 'echo no' INT", "write capitals"],
  [3050, "%q of printf", "printf '%q' x", "printf '%s' x", "choose bash with SHELL"],
  [3053, "${!name}", 'x=HOME; echo "${!x}"', 'x=HOME; printenv "$x"', "use printenv"],
  [3054, "Elements of arrays", 'echo "${HOME[0]}"', 'echo "$HOME"', "use the positional parameters"],
  [3056, "${!prefix*}", 'echo "${!HO*}"', "env | grep ^HO", "search env"],
  [3057, "${name:offset}", 'echo "${HOME:1}"', 'echo "${HOME#?}"', "use ${name#pattern}, or cut"],
  [3058, "${#@}", 'echo "${#@}"', 'echo "$#"', "write $#"],
  [3059, "${name^} and ${name,}", 'echo "${HOME^^}"', 'echo "$HOME" | tr a-z A-Z', "use tr"],
  [3060, "${name/pattern/text}", 'echo "${HOME/a/b}"', 'echo "$HOME" | sed s/a/b/', "use sed"],
];

const RISK =
  "The shell that runs it has no such thing: the step fails, or worse, reads it otherwise. A base image with another /bin/sh changes what is built.";

const ROWS: readonly ShellRow[] = CONSTRUCTS.map(([code, what, bad, good, how]) => ({
  code,
  title: `${what}: not in POSIX sh`,
  risk: RISK,
  countermeasure: `Instead, ${how}. Or name the shell that has it: SHELL ["/bin/bash", "-c"].`,
  fix: good,
  bad,
  good,
}));

const OTHERS: readonly ShellRow[] = [
  {
    code: 2112,
    title: "function name() in sh",
    risk: RISK,
    countermeasure: "Write name().",
    fix: "f() { true; }",
    bad: "function f() { true; }; f",
    good: "f() { true; }; f",
  },
  {
    code: 2113,
    title: "function name in sh",
    risk: RISK,
    countermeasure: "Write name().",
    fix: "f() { true; }",
    bad: "function f { true; }; f",
    good: "f() { true; }; f",
  },
  {
    code: 3036,
    title: "Flags of echo in dash",
    risk: "dash prints them: the file that is written begins with -e.",
    countermeasure: "Use printf.",
    fix: "printf 'a\\n'",
    before: 'SHELL ["/bin/dash", "-c"]',
    bad: "echo -e a > file",
    good: "printf 'a\\n' > file",
  },
];

/** What is not in the shell that runs the code: SC3xxx. */
export default shellRules([...ROWS, ...OTHERS]);
