import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the operating system says of a process so far. */
export interface Usage {
  /** User and system time of all its threads, in microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** Linux counts in these whatever its own clock is. */
const ticksPerSecond = 100;

/** What the operating system says of a process: /proc on Linux, `ps` elsewhere. */
export function usageOf(pid: number): Usage {
  if (process.platform === 'linux')
    return {
      cpuMicros: cpuOfStat(readFileSync(`/proc/${pid}/stat`, 'utf8')),
      rssBytes: rssOfStatus(readFileSync(`/proc/${pid}/status`, 'utf8')),
    };
  return usageOfPs(execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'utf8' }));
}

/** CPU microseconds in /proc/<pid>/stat (proc(5): utime and stime are fields 14 and 15). The program's name, in brackets, may hold anything. */
export function cpuOfStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return (ticks * 1_000_000) / ticksPerSecond;
}

/** Resident bytes in /proc/<pid>/status. */
export function rssOfStatus(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('The process has ended.');
  return Number(kibibytes) * 1024;
}

/** The same of `ps -o time=,rss=`: `[[dd-]hh:]mm:ss[.cc]` and kibibytes. */
export function usageOfPs(line: string): Usage {
  const [time = '', kibibytes] = line.trim().split(/\s+/);
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = clock!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
  return { cpuMicros: Math.round(seconds * 1_000_000), rssBytes: Number(kibibytes) * 1024 };
}
