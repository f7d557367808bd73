import { fileTypeFromBuffer } from 'file-type';
import { cleanCopyName, type Files, thumbnailName } from '../store/files.ts';
import { type Limits, runConfined } from './confined.ts';
import { documentLimits } from './store-document.ts';

const megabyte = 1024 * 1024;
const pictureTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/webp'];

/**
 * Enough for 40 megapixels, interlaced, with transparency, of 16 bits, and lying on their side: a clean copy of these takes 5 s and 690 MB
 * (measured 2026-11, sharp 0.35.5); of a usual photo 0.7 s and 190 MB. The process gives way to others: the time is for a busy machine.
 */
export const pictureLimits = { ms: 60_000, memoryBytes: 768 * megabyte };

/**
 * What is made of a picture. A JPEG becomes no larger than customers may send it; a PNG of few colours grows, to less than twice its size in
 * what was tried, as it gets the room for all colours.
 */
const forms = {
  thumbnail: { nameOf: thumbnailName, outputBytes: 512 * 1024 },
  'clean-copy': { nameOf: cleanCopyName, outputBytes: 4 * documentLimits.bytesPerFile },
};
type Form = keyof typeof forms;

/** Kept in place of what cannot be made, so that nobody tries again at every look. No picture is this short. */
const cannotBeMade = Buffer.of(0);

/** `gone`: there is no such file; `undecodable`: it is no picture, or broken; `stopped`: it took too much, another time may go better. */
export type Made = Buffer | 'gone' | 'undecodable' | 'stopped';

/** What stands for a file where it has no thumbnail. */
export type FileIcon = 'picture' | 'pdf';

export function fileIcon(contentType: string): FileIcon {
  return contentType === 'application/pdf' ? 'pdf' : 'picture';
}

const making = new Map<string, Promise<Made>>();
let lane: Promise<unknown> = Promise.resolve();

/**
 * A small JPEG of a stored picture, for agents only: at most 320 px wide and high, turned the right way up, without the
 * picture's metadata. `undefined`: there is no such file, it is a PDF document (see `fileIcon`), or it cannot be decoded.
 */
export async function thumbnailOf(files: Files, name: string): Promise<Buffer | undefined> {
  const made = await madeOf(files, name, 'thumbnail');
  return Buffer.isBuffer(made) ? made : undefined;
}

/**
 * A stored picture as it may leave the house: every pixel of it, turned the right way up, a JPEG or PNG, and nothing else of what was in the
 * file. It is made at the first need rather than at the upload: whoever uploads many keeps no processor busy, and nobody on a phone waits.
 */
export function cleanCopyOf(files: Files, name: string): Promise<Made> {
  return madeOf(files, name, 'clean-copy');
}

/**
 * Made at the first look, in a process of its own with limits of time and memory, one at a time; then stored encrypted like the picture, and
 * removed with it.
 */
function madeOf(files: Files, name: string, form: Form): Promise<Made> {
  const id = `${form} ${name}`;
  const known = making.get(id);
  if (known) return known;
  const made = findOrMake(files, name, form).finally(() => making.delete(id));
  making.set(id, made);
  return made;
}

async function findOrMake(files: Files, name: string, form: Form): Promise<Made> {
  // One that was cut off by a crash cannot be read: it is made anew.
  const kept = await files.load(forms[form].nameOf(name)).catch(() => undefined);
  if (kept) return kept.equals(cannotBeMade) ? 'undecodable' : kept;
  // Loading waits its turn, too: a list of pictures would otherwise lie in memory as a whole.
  const made = lane.then(() => make(files, name, form));
  lane = made.catch(() => undefined);
  return made;
}

async function make(files: Files, name: string, form: Form): Promise<Made> {
  const content = await files.load(name);
  if (!content) return 'gone';
  const made = (await isPicture(content)) ? await renderPicture(content, form) : 'undecodable';
  if (made === 'stopped') return 'stopped';
  await keep(files, name, form, made === 'undecodable' ? cannotBeMade : made);
  return made;
}

async function isPicture(content: Buffer): Promise<boolean> {
  const type = await fileTypeFromBuffer(content);
  return pictureTypes.includes(type?.mime ?? '');
}

async function keep(files: Files, name: string, form: Form, made: Buffer): Promise<void> {
  await files.save(once(made), forms[form].nameOf(name));
  // Erased in the meantime: what was made of it must not outlive it.
  if (!(await files.has(name))) await files.remove([name]);
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** `stopped`: it took too long or too much memory, or crashed. */
export async function renderPicture(
  picture: Buffer,
  form: Form,
  limits: Omit<Limits, 'outputBytes'> = pictureLimits,
): Promise<Buffer | 'undecodable' | 'stopped'> {
  const { outputBytes } = forms[form];
  const ending = await runConfined('picture-process.js', [form, String(documentLimits.bytesPerFile)], picture, { ...limits, outputBytes });
  if (ending === 'stopped') return 'stopped';
  if (ending.code === 0 && ending.output.length > 0) return ending.output;
  return ending.code === 2 ? 'undecodable' : 'stopped';
}
