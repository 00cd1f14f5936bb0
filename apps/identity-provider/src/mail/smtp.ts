import { createTransport } from 'nodemailer';
import type { Letter, Send } from './post-office.js';

const timeoutMs = 10_000;

/** Letters leave through an SMTP server, over TLS wherever it offers it. */
export function smtp({ url, from }: { url: string; from: string }): Send<Letter> {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text }) => {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
  };
}
