import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { projectRoot, serverFolder } from '../paths.ts';
import { type Files, thumbnailName } from '../store/files.ts';

const pictureTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/webp'];
const mostBytes = 512 * 1024;
/** Enough for 50 megapixels, interlaced and of 16 bits: these take 3 s and 510 MB (measured 2026-11, sharp 0.35.5). */
const renderLimits = { ms: 15_000, memoryBytes: 640 * 1024 * 1024 };
/** Kept in place of a thumbnail where none can be made, so that nobody tries again at every look. A JPEG is never this short. */
const noThumbnail = Buffer.of(0);

/** What stands for a file where it has no thumbnail. */
export type FileIcon = 'picture' | 'pdf';

export function fileIcon(contentType: string): FileIcon {
  return contentType === 'application/pdf' ? 'pdf' : 'picture';
}

const making = new Map<string, Promise<Buffer | undefined>>();
let lane: Promise<unknown> = Promise.resolve();

/**
 * A small JPEG of a stored picture, for agents only: at most 320 px wide and high, turned the right way up, without the
 * picture's metadata. Made at the first look, in a process of its own with limits of time and memory, one at a time; then stored
 * encrypted like the picture, and removed with it. `undefined`: there is no such file, it is a PDF document (see `fileIcon`),
 * or it cannot be decoded.
 */
export function thumbnailOf(files: Files, name: string): Promise<Buffer | undefined> {
  const known = making.get(name);
  if (known) return known;
  const made = findOrMake(files, name).finally(() => making.delete(name));
  making.set(name, made);
  return made;
}

async function findOrMake(files: Files, name: string): Promise<Buffer | undefined> {
  // One that was cut off by a crash cannot be read: it is made anew.
  const kept = await files.load(thumbnailName(name)).catch(() => undefined);
  if (kept) return kept.equals(noThumbnail) ? undefined : kept;
  // Loading waits its turn, too: a list of pictures would otherwise lie in memory as a whole.
  const made = lane.then(() => make(files, name));
  lane = made.catch(() => undefined);
  return made;
}

async function make(files: Files, name: string): Promise<Buffer | undefined> {
  const content = await files.load(name);
  if (!content) return undefined;
  const type = await fileTypeFromBuffer(content);
  const rendered = pictureTypes.includes(type?.mime ?? '') ? await renderThumbnail(content) : 'undecodable';
  if (rendered === 'stopped') return undefined;
  const thumbnail = rendered === 'undecodable' ? undefined : rendered;
  await keep(files, name, thumbnail ?? noThumbnail);
  return thumbnail;
}

async function keep(files: Files, name: string, thumbnail: Buffer): Promise<void> {
  await files.save(once(thumbnail), thumbnailName(name));
  // Erased in the meantime: what was made of it must not outlive it.
  if (!(await files.has(name))) await files.remove([name]);
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** `stopped`: it took too long or too much memory, or crashed; another time may go better. */
export function renderThumbnail(picture: Buffer, limits = renderLimits): Promise<Buffer | 'undecodable' | 'stopped'> {
  const program = join(serverFolder, 'thumbnail-process.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=64', program, String(limits.memoryBytes)], {
      cwd: projectRoot,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: limits.ms,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > mostBytes) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && size > 0) resolve(Buffer.concat(chunks));
      else resolve(code === 2 ? 'undecodable' : 'stopped');
    });
    // It may end before it has read everything; how it ended is told by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(picture);
  });
}
