/** What the first bytes of a picture tell about it, before anything is decoded. Sides in pixels, as stored (not yet turned by EXIF). */
export interface PictureHeader {
  width: number;
  height: number;
  animated: boolean;
}

/** What is read next: so many bytes to look at, or so many to pass over. */
type Need = { take: number } | { skip: number };
type Steps = Generator<Need, PictureHeader | undefined, Buffer>;

const none = Buffer.alloc(0);

/**
 * Reads the header of a JPEG, PNG or WebP picture from the chunks of a stream as they pass, and keeps no more than a few bytes
 * of them, however far into the file the header lies (behind a colour profile, or a preview in the EXIF part).
 *
 * Read are pictures as cameras, scanners and phones make them: sequential and progressive JPEG with 8 bits, PNG, WebP. Anything
 * rarer (arithmetic or lossless JPEG, Apple's own PNG) is `unreadable`, because what shows it is rare as well.
 */
export class PictureHeaderReader {
  readonly #steps: Steps;
  #need: Need | undefined;
  #held = none;
  #found: PictureHeader | undefined;

  constructor(contentType: string) {
    this.#steps = stepsOf(contentType);
    this.#advance();
  }

  /** `undefined` while more is needed. */
  push(chunk: Buffer): PictureHeader | 'unreadable' | undefined {
    let rest = chunk;
    while (this.#need) {
      if ('skip' in this.#need) {
        const skipped = Math.min(this.#need.skip, rest.length);
        rest = rest.subarray(skipped);
        this.#need.skip -= skipped;
        if (this.#need.skip > 0) return undefined;
        this.#advance();
      } else {
        const missing = this.#need.take - this.#held.length;
        this.#held = Buffer.concat([this.#held, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#held.length < this.#need.take) return undefined;
        this.#advance();
      }
    }
    return this.#found ?? 'unreadable';
  }

  #advance(): void {
    const taken = this.#held;
    this.#held = none;
    const step = this.#steps.next(taken);
    this.#need = step.done ? undefined : step.value;
    if (step.done) this.#found = step.value;
  }
}

function stepsOf(contentType: string): Steps {
  switch (contentType) {
    case 'image/jpeg':
      return jpeg();
    case 'image/png':
      return png();
    case 'image/webp':
      return webp();
    default:
      throw new Error(`No header of a picture is read from ${contentType}.`);
  }
}

const startOfFrame: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Huffman and arithmetic tables, and a reserved marker, lie between the numbers of frames (ITU-T T.81, table B.1). */
const noFrames: readonly number[] = [0xc4, 0xc8, 0xcc];

/** ITU-T T.81: segments of a marker and a length, until the one that begins the frame. */
function* jpeg(): Steps {
  yield { skip: 2 };
  for (;;) {
    const [lead, first = 0] = yield { take: 2 };
    if (lead !== 0xff) return undefined;
    let marker = first;
    while (marker === 0xff) marker = (yield { take: 1 })[0] ?? 0; // fill bytes
    if (startOfFrame.includes(marker)) {
      const frame = yield { take: 7 };
      return frame[2] === 8 ? sized(frame.readUInt16BE(5), frame.readUInt16BE(3)) : undefined;
    }
    const isSegment = (marker >= 0xc0 && marker < 0xd0 && noFrames.includes(marker)) || (marker >= 0xdb && marker <= 0xfe);
    if (!isSegment) return undefined;
    const length = (yield { take: 2 }).readUInt16BE();
    if (length < 2) return undefined;
    yield { skip: length - 2 };
  }
}

/** W3C PNG, third edition: IHDR comes first; in an animated picture acTL comes before the first IDAT. */
function* png(): Steps {
  yield { skip: 8 };
  const first = yield { take: 8 };
  if (first.toString('latin1', 4) !== 'IHDR') return undefined;
  const header = yield { take: 13 };
  yield { skip: 4 };
  for (;;) {
    const chunk = yield { take: 8 };
    const type = chunk.toString('latin1', 4);
    if (type === 'acTL' || type === 'IDAT') return sized(header.readUInt32BE(0), header.readUInt32BE(4), type === 'acTL');
    if (!/^[A-Za-z]{4}$/.test(type) || type === 'IEND') return undefined;
    yield { skip: chunk.readUInt32BE() + 4 };
  }
}

const animationFlag = 0x02;

/** RFC 9649: a RIFF container whose first chunk is a lossy frame, a lossless one, or a header of features with the canvas. */
function* webp(): Steps {
  yield { skip: 12 };
  const kind = (yield { take: 8 }).toString('latin1', 0, 4);
  const head = yield { take: 10 };
  switch (kind) {
    case 'VP8 ':
      return sized(head.readUInt16LE(6) & 0x3fff, head.readUInt16LE(8) & 0x3fff);
    case 'VP8L': {
      const sides = head.readUInt32LE(1);
      return sized((sides & 0x3fff) + 1, ((sides >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return sized(head.readUIntLE(4, 3) + 1, head.readUIntLE(7, 3) + 1, ((head[0] ?? 0) & animationFlag) !== 0);
    default:
      return undefined;
  }
}

function sized(width: number, height: number, animated = false): PictureHeader | undefined {
  return width > 0 && height > 0 ? { width, height, animated } : undefined;
}
