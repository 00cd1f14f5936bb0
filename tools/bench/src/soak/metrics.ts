/** The sum of a metric's samples in Prometheus' text format that bear all of these labels; 0 where there are none. */
export function metricIn(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) continue;
    const end = line.lastIndexOf(' ');
    const given = line
      .slice(name.length + 1, end)
      .replace(/\}$/, '')
      .split(/,(?=[a-zA-Z_]+=")/);
    if (wanted.every((label) => given.includes(label))) sum += Number(line.slice(end + 1));
  }
  return sum;
}

/** What a process of ours says of itself. */
export async function readMetrics(management: string | undefined): Promise<string> {
  const response = await fetch(`${management}/metrics`);
  if (!response.ok) throw new Error(`${management}/metrics answered ${response.status}`);
  return response.text();
}
