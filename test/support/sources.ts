import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../../bot/paths.ts';

export interface Source {
  /** From the project's root. */
  file: string;
  text: string;
}

/** The code of the product, on all floors. */
export function readSources(): Source[] {
  return ['bot', 'dialogs', 'knowledge'].flatMap((floor) =>
    readdirSync(join(projectRoot, floor), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file: relative(projectRoot, file), text: readFileSync(file, 'utf8') })),
  );
}
