import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { unavailable } from '../../http/http-error.ts';

export type PasswordProblem = 'too-short' | 'too-long' | 'too-easy';

/** Of a password, in the form in which it was hashed. */
interface Hash {
  cost: Cost;
  salt: Buffer;
  key: Buffer;
}

export interface Cost {
  N: number;
  r: number;
  p: number;
}

/** OWASP's recommendation for scrypt (2023): 128 MiB and about a third of a second for each. */
export const fullCost: Cost = { N: 2 ** 17, r: 8, p: 1 };
const keyBytes = 32;
const saltBytes = 16;
/** Memory and two of the four threads that files and names are looked up with. */
const mostAtOnce = 2;
const mostWaiting = 30;

const shortest = 12;
export const longestPassword = 256;
const fewestKinds = 6;

/** Hashes passwords, two at a time at most, however many want to sign in. */
export class Passwords {
  readonly #cost: Cost;
  /** Stands in for the hash of an account that has none, so that its absence takes as long as a wrong password. */
  readonly #nobody: Hash;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `cost`: of new hashes; a smaller one is for tests. */
  constructor(cost = fullCost) {
    this.#cost = cost;
    this.#nobody = { cost, salt: randomBytes(saltBytes), key: randomBytes(keyBytes) };
  }

  async hash(password: string): Promise<string> {
    const cost = this.#cost;
    const salt = randomBytes(saltBytes);
    return written({ cost, salt, key: await this.#derive(password, { cost, salt }) });
  }

  /** Takes the same time whether there is a hash or not. Throws 503 when too many wait. */
  async verify(password: string, kept: string | undefined): Promise<boolean> {
    const hash = kept === undefined ? this.#nobody : read(kept);
    const key = await this.#derive(password, hash);
    return timingSafeEqual(key, hash.key) && kept !== undefined;
  }

  async #derive(password: string, { cost: { N, r, p }, salt }: Pick<Hash, 'cost' | 'salt'>): Promise<Buffer> {
    await this.#turn();
    try {
      return await derive(password.normalize('NFKC'), salt, { N, r, p, maxmem: 256 * N * r });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= mostWaiting) throw unavailable();
    while (this.#running >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}

/** What is wrong with a password that somebody wants to have. Length counts; what is guessed first is refused. */
export function passwordProblem(password: string, login: string): PasswordProblem | undefined {
  const plain = password.normalize('NFKC');
  if ([...plain].length < shortest) return 'too-short';
  if (plain.length > longestPassword) return 'too-long';
  const kinds = new Set(plain.toLowerCase()).size;
  return kinds < fewestKinds || isSequence(plain) || plain.toLowerCase().includes(login) ? 'too-easy' : undefined;
}

/** 123456789012, abcdefghijkl, qwertyuiop12: what stands side by side, all the way or nearly. */
function isSequence(text: string): boolean {
  const plain = text.toLowerCase();
  const pairs = Array.from({ length: plain.length - 1 }, (_, at) => plain.slice(at, at + 2));
  const usual = pairs.filter((pair) => rows.some((row) => row.includes(pair)));
  return usual.length >= pairs.length - 2;
}

const along = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '!@#$%^&*()', '1qaz2wsx3edc4rfv5tgb'];
const rows = [...along, ...along.map((row) => [...row].reverse().join(''))];

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function written({ cost: { N, r, p }, salt, key }: Hash): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function read(kept: string): Hash {
  const [kind, N, r, p, salt = '', key = ''] = kept.split('$');
  if (kind !== 'scrypt') throw new Error(`A password was hashed in a way that this program does not know: ${kind}.`);
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}
