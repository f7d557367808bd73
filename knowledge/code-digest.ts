import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names the code that reads and indexes the knowledge base, with the versions of the packages it uses. */
export function knowledgeCodeDigest(projectRoot: string): string {
  const folders = ['.', 'text', 'matching'].map((folder) => join(projectRoot, 'knowledge', folder));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const file of [...sources, join(projectRoot, 'package-lock.json')].filter((file) => existsSync(file)))
    hash.update(readFileSync(file));
  return hash.digest('hex');
}
