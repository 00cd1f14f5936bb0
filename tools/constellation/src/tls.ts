import { fork } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Choices } from './config.js';
import { writePrivately } from './private-file.js';

/** Long before a third of a certificate's time is left. */
const renewMs = 6 * 3_600_000;

/** The settings by which an application finds its certificate; none where this installation runs without TLS. */
export type TlsFiles = Readonly<Partial<Record<'TLS_CERT_FILE' | 'TLS_KEY_FILE' | 'TLS_CA_FILE', string>>>;

/** Where the certificate of an application lies, while this installation runs with TLS. */
export function tlsFilesOf(home: string, name: string): TlsFiles {
  if (!existsSync(markIn(home))) return {};
  const at = (file: string) => join(folderIn(home), name, file);
  return { TLS_CERT_FILE: at('tls.crt'), TLS_KEY_FILE: at('tls.key'), TLS_CA_FILE: at('ca.crt') };
}

/** Sees to certificates, as long as it runs, and notes for the commands beside us that there is TLS; or that there is none. */
export async function openTls({ home, tls, inherited }: Choices): Promise<void> {
  rmSync(markIn(home), { force: true });
  if (!tls) return;
  await renew(home, inherited);
  writePrivately(markIn(home), { certificates: folderIn(home) });
  setInterval(() => void renew(home, inherited).catch((error: unknown) => process.stderr.write(`${String(error)}\n`)), renewMs).unref();
}

async function renew(home: string, env: Choices['inherited']): Promise<void> {
  const child = fork('tools/certs/dist/main.js', ['--folder', folderIn(home)], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('There are no certificates: see above.');
}

function folderIn(home: string): string {
  return join(home, 'certs');
}

function markIn(home: string): string {
  return join(home, 'tls.json');
}
