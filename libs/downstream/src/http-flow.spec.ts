import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Flow, type FlowOptions } from './http-flow.js';

const options: FlowOptions = {
  sourceMs: 1_000,
  sinkMs: 5_000,
  onStall: (side) => new Error(`the ${side} stands still`),
  onError: () => new Error('the source broke'),
  owns: true,
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
const errorOf = (flow: Flow) => new Promise<Error>((resolve) => flow.once('error', resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a flow', () => {
  it('gives every byte, in order, and leaves no timer', async () => {
    const pieces = Array.from({ length: 100 }, (_, at) => Buffer.alloc(at * 100, at));
    const flow = new Flow(Readable.from(pieces), options).start();
    expect(await buffer(flow)).toEqual(Buffer.concat(pieces));
    await turn();
    expect([flow.taken, vi.getTimerCount()]).toEqual([495_000, 0]);
  });

  it('takes no more than one piece that nobody wants yet', async () => {
    const source = new PassThrough({ highWaterMark: 1 });
    const wrote: boolean[] = [];
    const flow = new Flow(source, options).start();
    flow.once('readable', () => {});
    for (let piece = 0; piece < 10; piece++) wrote.push(source.write(Buffer.alloc(1_000)));
    await turn();
    await turn();
    expect(flow.taken).toBe(1_000);
    flow.destroy();
  });

  it('takes nothing before it is started, and leaves the source as it was', async () => {
    const source = new PassThrough();
    source.write('abc');
    const flow = new Flow(source, { ...options, owns: false });
    flow.resume();
    await turn();
    flow.destroy();
    await turn();
    expect([flow.taken, source.readableLength, source.destroyed, source.listenerCount('data')]).toEqual([0, 3, false, 0]);
  });

  it.each(['destroyed', 'ended'])('knows a source that was %s before', async (how) => {
    const source = Readable.from(how === 'ended' ? [] : ['x']);
    if (how === 'ended') await buffer(source);
    else source.destroy();
    const flow = new Flow(source, options).start();
    const outcome = await buffer(flow).catch((error: Error) => error.message);
    expect(outcome).toEqual(how === 'ended' ? Buffer.alloc(0) : 'the source broke');
  });

  it('breaks where the source breaks, with an error of its own', async () => {
    const source = new PassThrough();
    const flow = new Flow(source, options).start();
    const error = errorOf(flow);
    flow.resume();
    await turn();
    source.destroy(new Error('secret'));
    expect((await error).message).toBe('the source broke');
  });

  it('ends with the source that it owns, and not with another', async () => {
    for (const owns of [true, false]) {
      const source = new PassThrough();
      const flow = new Flow(source, { ...options, owns }).start();
      flow.resume();
      source.write('abc');
      await turn();
      flow.destroy();
      await turn();
      expect(source.destroyed).toBe(owns);
      source.destroy(new Error('nobody listens, and it does no harm'));
      await turn();
    }
  });

  it('blames a source that sends nothing though more is wanted', async () => {
    const source = new PassThrough();
    const flow = new Flow(source, options).start();
    const error = errorOf(flow);
    flow.resume();
    await turn();
    vi.advanceTimersByTime(900);
    source.write('abc');
    await turn();
    vi.advanceTimersByTime(900);
    expect(flow.destroyed).toBe(false);
    vi.advanceTimersByTime(100);
    expect((await error).message).toBe('the source stands still');
  });

  it('blames a sink that takes nothing though there is more', async () => {
    const source = new PassThrough();
    const flow = new Flow(source, options).start();
    const error = errorOf(flow);
    source.write('abc');
    flow.once('readable', () => {});
    await turn();
    vi.advanceTimersByTime(4_900);
    expect(flow.destroyed).toBe(false);
    vi.advanceTimersByTime(100);
    expect((await error).message).toBe('the sink stands still');
  });

  it('blames a sink that does not take the last piece', async () => {
    const flow = new Flow(Readable.from([Buffer.from('abc')]), options).start();
    const failed = errorOf(flow);
    flow.once('readable', () => {});
    await turn();
    await turn();
    expect(flow.readableLength).toBe(3);
    vi.advanceTimersByTime(5_000);
    expect((await failed).message).toBe('the sink stands still');
  });

  it('blames a sink that never comes', async () => {
    const flow = new Flow(new PassThrough(), options).start();
    const error = errorOf(flow);
    vi.advanceTimersByTime(5_000);
    expect((await error).message).toBe('the sink stands still');
  });
});
