/** What time it is. Tests say it themselves, so that leases end without waiting. */
export class Clock {
  constructor(private readonly read: () => number = Date.now) {}

  now(): Date {
    return this.inMs(0);
  }

  /** When a lease ends that is given now. */
  inMs(ms: number): Date {
    return new Date(this.read() + ms);
  }
}
