// What npm's scripts call. Runs on any Node >= 20 with nothing installed: installs what is missing, goes on under the pinned Node, builds what changed, then does what was asked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commands } from './commands.mjs';
import { ensureInstalled } from './install.mjs';
import { pinnedNode, root } from './paths.mjs';

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`There is no command "${name ?? ''}". There are: ${Object.keys(commands).join(', ')}.`);
  process.exit(1);
}
if (args.includes('--help') || args.includes('-h')) {
  console.log(command.help);
  process.exit(0);
}
ensureInstalled();
if (process.execPath !== pinnedNode && existsSync(pinnedNode)) {
  // Ctrl-C reaches the whole foreground group: the child decides when it is over.
  process.on('SIGINT', () => {});
  const { status, signal } = spawnSync(pinnedNode, [process.argv[1], name, ...args], { stdio: 'inherit', cwd: root });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}
process.exitCode = await command.run(args);
