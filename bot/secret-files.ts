import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** A file that a secret was read from, as systemd's credentials and the secrets of containers come. */
export interface SecretFile {
  /** The variable that names it, such as DATA_KEYS_FILE. */
  variable: string;
  path: string;
  /**
   * Whether it is open to other users of this machine. That is warned of, where a file of our own making is refused: containers get theirs from root
   * with mode 0444, which the bot cannot change, and have no other users. The rights of a group are somebody's intention: root gives a file to
   * the bot by its group, and in systemd's credentials an access list for its user shows as such a right.
   */
  isOpen: boolean;
}

export interface SecretFiles {
  /** What stands in the files, by the name of the setting. */
  values: Record<string, string>;
  files: SecretFile[];
  faults: string[];
}

export const fileVariable = (name: string) => `${name}_FILE`;

/** Reads the secrets that the environment gives by a file, NAME_FILE in place of NAME. What is wrong is told without what stands in a file. */
export function readSecretFiles(environment: Readonly<Record<string, string>>, names: readonly string[]): SecretFiles {
  const read: SecretFiles = { values: {}, files: [], faults: [] };
  for (const name of names) {
    const variable = fileVariable(name);
    const path = environment[variable];
    if (path === undefined) continue;
    try {
      if (environment[name] !== undefined) throw new Unusable(`${name} is set as well: remove one of the two`);
      const { value, isOpen } = readSecret(path);
      read.values[name] = value;
      read.files.push({ variable, path, isOpen });
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      read.faults.push(`${variable}: ${error.message}`);
    }
  }
  return read;
}

/** Why there is no secret in a file, and what to do. */
class Unusable extends Error {}

const mostBytes = 64 * 1024;

function readSecret(path: string): { value: string; isOpen: boolean } {
  // It may be the secret itself, which is not to be repeated. One in base64 can begin with a slash, and ends with this sign.
  const isPath = (isAbsolute(path) || path.startsWith('.')) && !path.endsWith('=');
  if (!isPath) throw new Unusable('write the path of a file, which begins with / or ./, and not the secret itself');
  const { bytes, mode } = readBytes(path);
  const value = textOf(bytes)?.replace(/\r?\n$/, '');
  if (value?.trim() === '') throw new Unusable(`${path} is empty: write the secret into it`);
  if (value === undefined || /\p{Cc}/u.test(value)) {
    throw new Unusable(`${path} is not one line of text: write the secret into it, and nothing else`);
  }
  return { value, isOpen: process.platform !== 'win32' && (mode & 0o007) !== 0 };
}

function readBytes(path: string): { bytes: Buffer; mode: number } {
  const file = opened(path);
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) throw new Unusable(`${path} is a folder: write the path of the file in it`);
    if (!status.isFile()) throw new Unusable(`${path} is not a regular file: write the path of one`);
    if (status.size > mostBytes) throw new Unusable(`${path} is larger than 64 KB: is it the right file?`);
    return { bytes: readFileSync(file), mode: status.mode };
  } catch (error) {
    throw unusable(path, error);
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    // A pipe that nobody writes to would hold up the start.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): Unusable {
  if (error instanceof Unusable) return error;
  const { code = String(error) } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new Unusable(`there is no file ${path}: put it there, or correct the path`);
  return new Unusable(`${path} cannot be read (${code}): give the bot's user the right to, or correct the path`);
}

/** Undefined: it is no UTF-8. A mark of the byte order, as some editors put in front, is left away. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
