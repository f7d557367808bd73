import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../../bot/paths.ts';

const partSchema = z.strictObject({
  notices: z.array(z.strictObject({ said: z.string(), causes: z.array(z.string()).min(1) })),
  unknown: z.array(z.string()),
  others: z.array(z.string()),
});
export type NoticesPart = z.infer<typeof partSchema>;

/** The labelled notices: known ones with their causes, ones that nobody can decode, and messages that are no notices. */
export function readNotices(): { dev: NoticesPart; heldOut: NoticesPart } {
  const file = join(projectRoot, 'test', 'knowledge', 'returned', 'notices.yaml');
  return z.strictObject({ dev: partSchema, heldOut: partSchema }).parse(parse(readFileSync(file, 'utf8')));
}
