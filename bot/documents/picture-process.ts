import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import { limitMemory } from './limit-memory.ts';

/*
 * A process of its own that makes a picture anew: the picture comes on standard input, what was made goes to standard output. Decoders
 * are the part that a crafted picture attacks. Here they have no keys and no environment, and when they crash or grow, only this
 * process ends. Nothing of the metadata is taken over: not the camera, the place, a preview, words, nor what hangs on behind the picture.
 * Arguments: the most memory it may hold, in bytes; `thumbnail` or `clean-copy`; for the latter the most bytes that a JPEG may
 * have. Exit code 2: the picture cannot be decoded, or not be made as small as that.
 */

/** More than what is taken in today (see `documentLimits`): for the pictures that were, when it was more. */
const mostPixels = 50_000_000;
const thumbnailSidePx = 320;
/** The first is as good as the picture to the eye; the others are for grain that would else take more room than in the picture. */
const qualities: readonly number[] = [90, 75, 50];

limitMemory();
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });

try {
  const [, , , form, mostBytes] = process.argv;
  const picture = await buffer(process.stdin);
  const made = form === 'thumbnail' ? await thumbnail(picture) : await cleanCopy(picture, Number(mostBytes));
  process.stdout.end(made);
} catch {
  process.exitCode = 2;
}

function upright(picture: Buffer): Sharp {
  return sharp(picture, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true }).autoOrient();
}

/** On white where it is transparent, as JPEG knows nothing of that. */
function jpeg(picture: Sharp, quality: number): Promise<Buffer> {
  return picture.flatten({ background: '#fff' }).jpeg({ quality }).toBuffer();
}

function thumbnail(picture: Buffer): Promise<Buffer> {
  return jpeg(upright(picture).resize(thumbnailSidePx, thumbnailSidePx, { fit: 'inside', withoutEnlargement: true }), 78);
}

/** Of every pixel. A PNG stays one, without loss; a WebP becomes a JPEG, as many providers take no other. */
async function cleanCopy(picture: Buffer, mostBytes: number): Promise<Buffer> {
  const { format } = await sharp(picture).metadata();
  if (format === 'png') return upright(picture).png().toBuffer();
  for (const quality of qualities) {
    const made = await jpeg(upright(picture), quality);
    if (made.length <= mostBytes) return made;
  }
  throw new Error('It is too large.');
}
