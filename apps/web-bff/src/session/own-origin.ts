/**
 * Whether a page of our own site opens this socket. Sockets cannot send `x-csrf`, and cookies come along by themselves: the browser's word about
 * where the page is from is compared exactly, and none is no.
 */
export function isOwnOrigin({ origin }: { readonly origin?: string | string[] | undefined }, publicUrl: string): boolean {
  return origin === new URL(publicUrl).origin;
}
