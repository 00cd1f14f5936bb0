/** A line that says how far a part is: one that changes where a person looks on, else a new one every ten seconds. */
export interface ProgressLine {
  say(text: string): void;
  end(): void;
}

const betweenMs = 10_000;

export function progress(name: string, out: NodeJS.WriteStream = process.stdout, now: () => number = Date.now): ProgressLine {
  let saidAt = -Infinity;
  return {
    say: (text) => {
      if (out.isTTY) out.write(`\r\u001b[K${name}: ${text}`);
      else if (now() - saidAt >= betweenMs) {
        saidAt = now();
        out.write(`${name}: ${text}\n`);
      }
    },
    end: () => {
      if (out.isTTY) out.write('\r\u001b[K');
    },
  };
}
