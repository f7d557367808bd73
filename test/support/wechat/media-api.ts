import { type Answer, ApiError, type Call } from './api-call.ts';
import type { Media, MediaKind } from './media.ts';
import type { World } from './world.ts';

const mb = 1024 * 1024;

/** What an upload may be, by kind. The figures are of the pages as recalled; they are limits of the bot's configuration too. */
const limits: Record<MediaKind, { bytes: number; names: RegExp }> = {
  image: { bytes: 10 * mb, names: /\.(jpe?g|png|gif|bmp)$/i },
  voice: { bytes: 2 * mb, names: /\.(amr|mp3)$/i },
  video: { bytes: 10 * mb, names: /\.mp4$/i },
  thumb: { bytes: 64 * 1024, names: /\.jpe?g$/i },
  file: { bytes: 20 * mb, names: /\.\w+$/ },
};

const heads: [RegExp, string][] = [
  [/^ffd8ff/, 'image/jpeg'],
  [/^89504e47/, 'image/png'],
  [/^474946/, 'image/gif'],
  [/^424d/, 'image/bmp'],
];

/** `POST /cgi-bin/media/upload?type=…`: one file under the name `media`. */
export async function uploadMedia(
  { query, headers, body }: Call,
  owner: string,
  kinds: readonly MediaKind[],
  { media }: World,
): Promise<Media> {
  const kind = kinds.find((known) => known === query.get('type'));
  if (!kind) throw new ApiError(40004);
  const file = await readFile(body, headers['content-type'] ?? '');
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new ApiError(44001);
  if (bytes.length > limits[kind].bytes) throw new ApiError(40006);
  if (!limits[kind].names.test(file.name)) throw new ApiError(40005);
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const sniffed = heads.find(([pattern]) => pattern.test(head))?.[1];
  if (kind === 'image' && !sniffed) throw new ApiError(40009);
  return media.add({ kind, bytes, type: sniffed ?? 'application/octet-stream', name: file.name, owner });
}

async function readFile(body: Buffer<ArrayBuffer>, contentType: string): Promise<File> {
  if (!contentType.startsWith('multipart/form-data')) throw new ApiError(41005);
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new ApiError(41005, String(cause));
  }
  const file = form.get('media');
  if (!(file instanceof File)) throw new ApiError(41005);
  return file;
}

/** `GET /cgi-bin/media/get?media_id=…`: the file itself. */
export function getMedia({ query }: Call, owner: string, { media }: World): Answer | object {
  const found = media.find(query.get('media_id') ?? '', owner);
  if (!found) throw new ApiError(40007);
  if (found.kind === 'video') return { video_url: `/mmbiz/${found.id}` };
  return fileAnswer(found);
}

export function fileAnswer({ bytes, type }: Media): Answer {
  return { status: 200, type, body: Buffer.from(bytes) };
}
