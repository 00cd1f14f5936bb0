/** TargetForm: what the URL of a registry may look like. */
export interface TargetForm {
  /** As it is shown where a target does not fit. */
  readonly form: string;
  readonly usualPort: number;
  /** Where `?tls` says nothing; no unless told. */
  readonly usualTls?: boolean;
  /** Host where none is given. */
  readonly usualHost?: string;
  /** How many segments the path has, at least and at most. */
  readonly segments: readonly [number, number];
  readonly parameters: readonly string[];
}

/** TargetUrl: the URL of a registry, read. */
export interface TargetUrl {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  readonly tls: boolean;
  /** The parts of its path, decoded. */
  readonly segments: readonly string[];
  text(name: string): string | undefined;
  /** `?name` and `?name=true` are true. */
  flag(name: string): boolean;
  /** A positive number of milliseconds. */
  ms(name: string, usual: number): number;
}

/**
 * readTargetUrl: a registry's URL. Throws with a text that says what is wrong; a name and password in it are refused, since targets are shown by logs and
 * metrics.
 */
export function readTargetUrl(target: string, wanted: TargetForm): TargetUrl {
  const url = URL.parse(target);
  const misfit = `The target ${withoutCredentials(target)} must be ${wanted.form}`;
  if (!url) throw new Error(misfit);
  if (url.username || url.password)
    throw new Error(`The target ${withoutCredentials(target)} must not hold a password; name a file that does with token-file=`);
  const unknown = [...url.searchParams.keys()].find((name) => !wanted.parameters.includes(name));
  if (unknown !== undefined) throw new Error(`${misfit}; ${unknown} is none of its parameters`);
  const segments = url.pathname.split('/').filter(Boolean).map(decode);
  const [least, most] = wanted.segments;
  const host = url.hostname || wanted.usualHost;
  if (!host || segments.length < least || segments.length > most || segments.includes(undefined)) throw new Error(misfit);
  return urlOf(target, url, wanted, host, segments as string[]);
}

function urlOf(target: string, url: URL, { usualPort, usualTls = false }: TargetForm, host: string, segments: string[]): TargetUrl {
  const text = (name: string) => url.searchParams.get(name) || undefined;
  const flag = (name: string) => url.searchParams.has(name) && url.searchParams.get(name) !== 'false';
  const tls = url.searchParams.has('tls') ? flag('tls') : usualTls;
  return {
    origin: `${tls ? 'https' : 'http'}://${host}:${url.port || usualPort}`,
    tls,
    segments,
    text,
    flag,
    ms: (name, usual) => millisecondsOf(target, name, text(name), usual),
  };
}

/** targetLabel: a target as metrics and logs show it: without parameters. */
export function targetLabel(target: string): string {
  return withoutCredentials(target).replace(/\?.*$/s, '');
}

function withoutCredentials(target: string): string {
  return target.replace(/\/\/[^/@]*@/, '//');
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function millisecondsOf(target: string, name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`The target ${target} has a ${name} that is no number of milliseconds`);
  return Number(text);
}
