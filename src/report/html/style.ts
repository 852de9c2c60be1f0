/**
 * The whole style of the page. Colours are chosen for a contrast of at least 4.5:1 with what they stand on, in
 * both schemes (WCAG 2.2, 1.4.3); the tests measure it.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f7f9; --card: #ffffff; --sunk: #f0f3f6; --line: #dbe1e8; --line-strong: #b9c3cf;
  --text: #18212d; --soft: #526071; --accent: #0a5c75; --accent-soft: #e3f0f4;
  --critical: #a3160f; --critical-text: #ffffff;
  --high: #fdebe8; --high-text: #9c2015; --high-edge: #d4483a;
  --medium: #fdf1d6; --medium-text: #7a4a00; --medium-edge: #d99a1c;
  --low: #e4f0fa; --low-text: #12517f; --low-edge: #4a91c7;
  --info: #e9edf1; --info-text: #465362; --info-edge: #93a0af;
  --good: #e2f3e8; --good-text: #14633a; --good-edge: #2f9460;
  --open: #f0e9fa; --open-text: #5f3a96; --open-edge: #8a62c4;
  --shadow: 0 1px 2px rgb(16 30 48 / 6%), 0 2px 8px rgb(16 30 48 / 5%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d131b; --card: #151e29; --sunk: #101822; --line: #273342; --line-strong: #43536a;
    --text: #e3e9f1; --soft: #9dabbd; --accent: #74c7e0; --accent-soft: #14303a;
    --critical: #ff8f86; --critical-text: #240504;
    --high: #3d1c1a; --high-text: #ffa79e; --high-edge: #e0655a;
    --medium: #35290f; --medium-text: #f2c46a; --medium-edge: #c8922f;
    --low: #14293b; --low-text: #92c8f2; --low-edge: #4a8cc0;
    --info: #222c38; --info-text: #b3bfcd; --info-edge: #6a7889;
    --good: #12301f; --good-text: #84d9a6; --good-edge: #3ba06b;
    --open: #2a2140; --open-text: #c9aef5; --open-edge: #8f6dc9;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 84rem; padding: 0 clamp(1rem, 3vw, 2.5rem) 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4, h5, p, ul, ol, dl, dd, pre, figure { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: clamp(1.5rem, 4vw, 2rem); line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; }
h3 { font-size: 1.0625rem; font-weight: 650; }
h4 { font-size: 1rem; font-weight: 500; }
h5 { font-size: .8125rem; font-weight: 600; color: var(--soft); }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .875em; unicode-bidi: isolate; }
h1, h3, h4, .facts, th, td { unicode-bidi: isolate; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: .5rem 1rem; background: var(--card); border: 1px solid var(--line-strong); border-radius: 8px; }
.skip:focus { top: .5rem; }
.lead, .facts, .also { color: var(--soft); }

.top { padding: 2rem 0 1.5rem; display: grid; gap: .75rem; }
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 650; color: var(--accent); }
.meta { display: flex; flex-wrap: wrap; gap: .5rem 2rem; font-size: .9375rem; }
.meta dt { color: var(--soft); font-size: .8125rem; }
.gate { justify-self: start; padding: .3rem .8rem; border-radius: 1rem; font-weight: 600; background: var(--info); color: var(--info-text); }
.gate.good { background: var(--good); color: var(--good-text); }
.gate.open { background: var(--open); color: var(--open-text); }
.gate.bad { background: var(--high); color: var(--high-text); }

main { display: grid; gap: 2.5rem; }
.tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
.tile { padding: .9rem 1.1rem; border-radius: 12px; border: 1px solid transparent; display: flex; flex-direction: column; background: var(--info); color: var(--info-text); }
.tile b { font-size: 2rem; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile.critical { background: var(--critical); color: var(--critical-text); }
.tile.high { background: var(--high); color: var(--high-text); border-color: var(--high-edge); }
.tile.medium { background: var(--medium); color: var(--medium-text); border-color: var(--medium-edge); }
.tile.low { background: var(--low); color: var(--low-text); border-color: var(--low-edge); }
.tile.info { border-color: var(--info-edge); }
.tile.none { background: transparent; color: var(--soft); border-color: var(--line); }
.others { margin-top: 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; color: var(--soft); }
.others b { color: var(--text); font-variant-numeric: tabular-nums; }

.problems { padding: 1.1rem 1.25rem; border-radius: 12px; background: var(--open); border: 1px solid var(--open-edge); color: var(--text); }
.problems h2 { color: var(--open-text); margin-bottom: .5rem; }
.problems li + li { margin-top: .6rem; }

.columns { display: grid; gap: 2.5rem; }
.content { display: grid; gap: 3rem; min-width: 0; }
.contents { font-size: .9375rem; }
.contents h2 { font-size: .875rem; color: var(--soft); margin-bottom: .5rem; }
.contents li { display: flex; align-items: center; justify-content: space-between; gap: .75rem; padding: .25rem 0; border-bottom: 1px solid var(--line); }
.contents li a { min-width: 0; text-decoration: none; padding: .15rem 0; }
.contents li a:hover { text-decoration: underline; }
.contents .badge { flex: none; }
@media (min-width: 64rem) {
  .columns { grid-template-columns: 15rem minmax(0, 1fr); }
  .contents { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; padding: .25rem; }
}

.filter { position: sticky; top: 0; z-index: 2; margin: .75rem -.5rem 1.25rem; padding: .6rem .5rem; border: 0; background: var(--page); display: flex; flex-wrap: wrap; gap: .4rem; }
.filter legend { float: left; padding: .3rem .5rem .3rem 0; color: var(--soft); }
.filter label { position: relative; }
.filter input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.filter span { display: block; padding: .3rem .85rem; border: 1px solid var(--line-strong); border-radius: 999px; background: var(--card); }
.filter input:hover + span { border-color: var(--accent); }
.filter input:checked + span { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; }
.filter input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }
:root:has(#show-medium:checked) :is(.is-low, .is-info, .is-covered, .has-low, .has-info, .has-covered, .quiet),
:root:has(#show-high:checked) :is(.is-medium, .is-low, .is-info, .is-covered, .has-medium, .has-low, .has-info, .has-covered, .quiet),
:root:has(#show-critical:checked) :is(.is-high, .is-medium, .is-low, .is-info, .is-covered, .has-high, .has-medium, .has-low, .has-info, .has-covered, .quiet) { display: none; }

.badge { display: inline-block; padding: .05rem .55rem; border-radius: 999px; font-size: .8125rem; font-weight: 600; line-height: 1.5; white-space: nowrap; background: var(--info); color: var(--info-text); }
.badge.critical { background: var(--critical); color: var(--critical-text); }
.badge.high { background: var(--high); color: var(--high-text); }
.badge.medium { background: var(--medium); color: var(--medium-text); }
.badge.low { background: var(--low); color: var(--low-text); }

.subject { margin-bottom: 2.25rem; }
.subject > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem .75rem; margin-bottom: .75rem; }
.subject > header h3 { font-size: 1.1875rem; }
.tally { margin-left: auto; display: flex; flex-wrap: wrap; gap: .25rem .9rem; font-variant-numeric: tabular-nums; }
.also { margin: -.25rem 0 .75rem; font-size: .9375rem; }

details.finding, details.chapter { background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
details.finding { border-left: 4px solid var(--info-edge); }
details.is-critical { border-left-color: var(--critical); }
details.is-high { border-left-color: var(--high-edge); }
details.is-medium { border-left-color: var(--medium-edge); }
details.is-low { border-left-color: var(--low-edge); }
details + details { margin-top: .5rem; }
summary { cursor: pointer; list-style: none; border-radius: 10px; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ""; flex: none; width: .5rem; height: .5rem; margin: .45rem .2rem 0 .25rem; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); }
[open] > summary::after { transform: rotate(225deg); margin-top: .7rem; }
.finding > summary { display: flex; align-items: flex-start; gap: .75rem; padding: .7rem 1rem; }
.finding > summary:hover h4, .chapter > summary:hover :is(h3, strong) { text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px; }
.finding > summary .badge { flex: none; min-width: 5.75rem; margin-top: .1rem; }
.finding > summary h4 { flex: 1; min-width: 0; }
.finding > summary .id { flex: none; max-width: 45%; color: var(--soft); margin-top: .1rem; }
.finding[open] > summary h4 { font-weight: 650; }
.on { color: var(--soft); font-weight: 400; }
.body { padding: .25rem 1rem 1.1rem; display: grid; gap: 1.1rem; }
.note { padding: .6rem .9rem; border-radius: 8px; background: var(--sunk); }

table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { text-align: left; font-size: .8125rem; font-weight: 600; color: var(--soft); padding-bottom: .25rem; }
th, td { padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: .8125rem; font-weight: 500; color: var(--soft); border-top: 0; }
tbody th { font-weight: 500; }
.evidence { table-layout: fixed; }
.path { color: var(--soft); }
.evidence:not(.shared) th:first-child { width: 6.5rem; }
.evidence.shared th:nth-child(2) { width: 6.5rem; }
.inner > summary { display: flex; gap: .75rem; padding: .25rem 0; color: var(--soft); }
.inner > summary::after { margin-left: auto; }
.inner > table { margin-top: .5rem; }
.inner caption { display: none; }
.said { font-weight: 400; color: var(--soft); }
.step { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .25rem .75rem; margin-top: .4rem; align-items: baseline; }
.step pre:only-child { grid-column: 1 / -1; }
.step .where { font-size: .9375rem; color: var(--soft); }
pre { padding: .5rem .75rem; border-radius: 8px; background: var(--sunk); border: 1px solid var(--line); white-space: pre-wrap; }
.why { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.why p { max-width: 65ch; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; }
.chips li { padding: .05rem .6rem; border: 1px solid var(--line-strong); border-radius: 6px; font-size: .8125rem; color: var(--soft); }
.more { font-size: .9375rem; color: var(--soft); }
.quiet { margin-bottom: 2rem; }
.quiet li { padding: .35rem 0; border-top: 1px solid var(--line); margin-top: 0; }
.quiet h3 { margin-bottom: .4rem; }

section > h2 + .lead { margin: .25rem 0 1rem; max-width: 70ch; }
section > h2 + details { margin-top: 1rem; }
.list { margin-top: .5rem; table-layout: fixed; }
.list th:first-child { width: 48%; }
.chapter > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem 1rem; padding: .8rem 1rem; }
.chapter > summary .bar, .chapter > summary .states { grid-column: 1 / -1; }
.chapter > summary::after { grid-row: 1; grid-column: 2; }
.chapter > table { width: calc(100% - 2rem); margin: 0 1rem 1rem; }
.bar { display: block; width: 100%; height: .6rem; border-radius: 999px; background: var(--sunk); }
.states { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; font-size: .9375rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.states b { color: var(--text); }
.states li::before { content: ""; display: inline-block; width: .65rem; height: .65rem; margin-right: .4rem; border-radius: 3px; background: currentColor; }
.bar-pass { fill: var(--good-edge); } .bar-fail { fill: var(--high-edge); } .bar-unknown { fill: var(--open-edge); } .bar-manual { fill: var(--info-edge); } .bar-not-applicable { fill: var(--line); }
li.bar-pass::before { background: var(--good-edge); } li.bar-fail::before { background: var(--high-edge); } li.bar-unknown::before { background: var(--open-edge); } li.bar-manual::before { background: var(--info-edge); } li.bar-not-applicable::before { background: var(--line-strong); }
.recommendations { table-layout: fixed; }
.recommendations th:first-child { width: 4.5rem; font-variant-numeric: tabular-nums; }
.recommendations th:last-child { width: 8.5rem; }
.state-fail { color: var(--high-text); font-weight: 600; } .state-pass { color: var(--good-text); } .state-unknown { color: var(--open-text); }
.recommendations small { color: var(--soft); font-weight: 400; }
footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9375rem; }

@media (max-width: 40rem) {
  .finding > summary { flex-wrap: wrap; position: relative; padding-right: 2.25rem; gap: .35rem .75rem; }
  .finding > summary h4 { flex-basis: 100%; order: 3; }
  .finding > summary .id { max-width: 100%; }
  .finding > summary::after { position: absolute; right: .9rem; top: .75rem; }
  .tally { margin-left: 0; width: 100%; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .filter { position: static; }
  .step { grid-template-columns: minmax(0, 1fr); }
  .body { padding-inline: .85rem; }
  .evidence:not(.shared) th:first-child, .evidence.shared th:nth-child(2) { width: 5rem; }
  th, td { padding-right: .5rem; font-size: .875rem; }
  .recommendations th:first-child { width: 3.25rem; }
  .recommendations th:last-child { width: 6.5rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media (forced-colors: active) { .badge, .tile, .gate, .filter span { border: 1px solid; } .filter input:checked + span { outline: 2px solid; } }
@media print {
  :root { --page: #fff; --card: #fff; --sunk: #fff; --text: #000; --soft: #333; --line: #bbb; --line-strong: #888; --accent: #000; --shadow: none; --critical: #fff; --critical-text: #000; --high: #fff; --high-text: #000; --medium: #fff; --medium-text: #000; --low: #fff; --low-text: #000; --info: #fff; --info-text: #000; --good: #fff; --good-text: #000; --open: #fff; --open-text: #000; }
  html { font-size: 10pt; } body { max-width: none; padding: 0; }
  .is-critical, .is-high { border-left-color: #000; }
  .skip, .filter, .contents, summary::after { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .badge, .tile, .gate { border: 1px solid #888; }
  .columns { display: block; } main { gap: 1.5rem; }
  details.finding, tr { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  a { color: inherit; }
}
`;
