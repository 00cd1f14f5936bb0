/** The one stylesheet of the pages. Readable at 200 %, in the dark, and without colours. */
export const styles = `
:root { color-scheme: light dark; --ink: #1d2433; --paper: #f6f7fa; --card: #fff; --line: #8a93a6; --accent: #1f5fbf; --wrong: #a8202c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --paper: #12151c; --card: #1b202b; --line: #78839a; --accent: #8ab8ff; --wrong: #ff9aa2; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
header { max-width: 30rem; margin: 2rem auto 0; padding: 0 1.5rem; font-weight: 600; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, select, textarea { width: 100%; padding: .6rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .25rem; }
label.choice { font-weight: 400; } .choice input { width: auto; } fieldset { margin: 1rem 0; border: 1px solid var(--line); border-radius: .25rem; }
button { margin: 1rem .5rem 0 0; padding: .6rem 1.2rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 1px solid var(--accent); border-radius: .25rem; cursor: pointer; }
button.quiet { color: var(--accent); background: transparent; }
a { color: var(--accent); } .hint { margin: .25rem 0; } ul { padding-left: 1.2rem; } li { margin: .5rem 0; }
.problem { margin: 0 0 1rem; padding: .75rem; color: var(--wrong); border: 2px solid currentColor; border-radius: .25rem; }
.done { margin: 0 0 1rem; padding: .75rem; border: 2px solid var(--accent); border-radius: .25rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
