/** What time it is. Tests bring a clock of their own, so that leases end without waiting. */
export class Clock {
  now(): Date {
    return new Date();
  }

  /** When a lease ends that is given now. */
  inMs(ms: number): Date {
    return new Date(this.now().getTime() + ms);
  }
}
