/** `fetch` to one origin alone, whatever address it was told by somebody, and without following anybody elsewhere. */
export function allowedFetch(origin: string): (url: string, init?: object) => Promise<Response> {
  return (url, init) => {
    if (new URL(url).origin !== origin)
      return Promise.reject(new Error(`${new URL(url).origin} is not on the list of hosts that we may call`));
    return fetch(url, { ...init, redirect: 'manual' });
  };
}
