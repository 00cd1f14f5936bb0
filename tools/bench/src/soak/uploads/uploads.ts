import { request } from 'node:http';
import type { Child } from '../../processes/child.js';
import { startApplication } from '../../processes/gateway.js';
import { tally } from '../arithmetic.js';
import type { SoakPart } from '../part.js';
import { pause } from '../send.js';

const parallel = 100;
const fileBytes = 10 * 1024 * 1024;
const mostMegabytes = 150;
const mebibyte = 1024 * 1024;
const sampleMs = 20;
const restMs = 3_000;
/** Of the demo world; a guest writes nothing. */
const guest = 'gina';
const boundary = 'facet-soak';
const chunk = Buffer.from('0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX\n'.repeat(1_024));
const head = Buffer.from(
  `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="notes.txt"\r\ncontent-type: text/plain\r\n\r\n`,
);
const tail = Buffer.from(`\r\n--${boundary}--\r\n`);

/** A hundred files of 10 MB at once, through mobile-bff into media-service. */
export const uploads: SoakPart = {
  name: 'uploads',
  about: 'a hundred uploads of 10 MB at once: memory of mobile-bff and media-service',
  run: async ({ bench, say }) => {
    say('starting');
    const installation = await bench.installation;
    const media = await startApplication(bench, 'media-service', installation.environmentOf('media-service'));
    const target = `static:${new URL(media.origin).host}`;
    const bff = await startApplication(bench, 'mobile-bff', { ...installation.environmentOf('mobile-bff'), MEDIA_TARGET: target });
    const people = (await installation.everybody('mobile-app')).filter(({ username }) => username !== guest).slice(0, parallel);
    await Promise.all(people.slice(0, 5).map(({ token }) => upload(bff.origin, token)));
    await pause(restMs);
    const watches = [watch(bff.child), watch(media.child)];
    say(`${parallel} at once`);
    const began = Date.now();
    const statuses = await Promise.all(people.map(({ token }) => upload(bff.origin, token)));
    const seconds = (Date.now() - began) / 1_000;
    const [ofBff = 0, ofMedia = 0] = watches.map((stop) => stop());
    await Promise.all([bff.child.stop(), media.child.stop()]);
    return {
      judgements: [
        { goal: 'uploads: not taken, of a hundred', value: statuses.filter((status) => status !== 201).length, atMost: 0 },
        { goal: 'uploads: MB more in media-service', value: ofMedia, atMost: mostMegabytes },
        { goal: 'uploads: MB more in mobile-bff', value: ofBff, atMost: mostMegabytes },
      ],
      remarks: [`uploads: ${tally(statuses.map(String))} in ${seconds.toFixed(1)} s`],
    };
  },
};

/** Samples the memory of a process; what is given back says how much more the most was than at the beginning, in MB. */
function watch(child: Child): () => number {
  const before = child.usage.rssBytes;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, child.usage.rssBytes)), sampleMs);
  return () => {
    clearInterval(timer);
    return (most - before) / mebibyte;
  };
}

/** The status of the answer; 0 where the connection failed. */
function upload(origin: string, token: string): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(`${origin}/v1/attachments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + fileBytes + tail.length,
      },
    });
    outgoing.on('error', () => resolve(0));
    outgoing.on('response', (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    outgoing.write(head);
    let left = fileBytes;
    const send = () => {
      while (left > 0) {
        const part = chunk.subarray(0, Math.min(left, chunk.length));
        left -= part.length;
        if (!outgoing.write(part)) return void outgoing.once('drain', send);
      }
      outgoing.end(tail);
    };
    send();
  });
}
