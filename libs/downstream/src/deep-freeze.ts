/** deepFreeze: freezes a message and all that it holds; bytes stay as they are, since views cannot be frozen. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
