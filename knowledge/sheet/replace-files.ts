import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A file with the text it must have now, and the text it gets; undefined where there is no file. */
export interface Replacement {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** Somebody was faster: nothing was replaced. */
export class FileChanged extends Error {}

/**
 * Replaces all files or none: everything is on the disk under other names before the first file changes its name, and what was
 * replaced is put back when a later one fails. Throws when a file is no longer what it was when the change was planned.
 */
export function replaceFiles(replacements: readonly Replacement[]): void {
  for (const { path, before } of replacements) {
    if (readIfThere(path) !== before) throw new FileChanged(`${path} was changed meanwhile: do it again.`);
  }
  const done: Replacement[] = [];
  try {
    for (const { path, after } of replacements) if (after !== undefined) writeFileSync(partOf(path), after, { flush: true });
    for (const replacement of replacements) {
      put(replacement.path, replacement.after);
      done.push(replacement);
    }
  } catch (cause) {
    for (const { path, before } of done) {
      if (before !== undefined) writeFileSync(partOf(path), before, { flush: true });
      put(path, before);
    }
    throw new Error('The files could not be replaced, and are as they were before.', { cause });
  } finally {
    for (const { path } of replacements) rmSync(partOf(path), { force: true });
  }
}

function put(path: string, text: string | undefined): void {
  if (text === undefined) rmSync(path);
  else renameSync(partOf(path), path);
}

function partOf(path: string): string {
  return `${path}.import-part`;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
