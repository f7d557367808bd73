import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';

/*
 * A process of its own that makes one thumbnail: the picture comes on standard input, the JPEG goes to standard output. Decoders
 * are the part that a crafted picture attacks. Here they have no keys and no environment, and when they crash or grow, only this
 * process ends. Argument: the most memory it may hold, in bytes. Exit code 2: the picture cannot be decoded.
 */

const mostPixels = 50_000_000;
const mostSidePx = 320;
const mostMemoryBytes = Number(process.argv[2]);

// What decoders hold lies outside of the JavaScript heap, whose limits do not reach it.
setInterval(() => process.memoryUsage.rss() > mostMemoryBytes && process.kill(process.pid, 'SIGKILL'), 10).unref();

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });

try {
  const picture = await buffer(process.stdin);
  const thumbnail = await sharp(picture, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .resize(mostSidePx, mostSidePx, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 78 })
    .toBuffer();
  process.stdout.end(thumbnail);
} catch {
  process.exitCode = 2;
}
