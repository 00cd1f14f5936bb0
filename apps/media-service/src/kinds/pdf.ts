import type { Bytes } from './bytes.js';

/** Begins at its first byte and ends within the last 1,024 (ISO 32000, annex H). */
export async function findPdfFault(bytes: Bytes): Promise<string | undefined> {
  const head = await bytes.read(0, 5);
  if (head.toString('latin1') !== '%PDF-') return 'is no PDF document';
  const from = Math.max(0, bytes.size - 1_024);
  const tail = await bytes.read(from, bytes.size - from);
  return tail.includes('%%EOF') ? undefined : 'is cut off';
}
