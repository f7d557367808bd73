import { fileTypeFromBuffer } from 'file-type';
import type { Files } from '../store/files.ts';
import { cleanCopyOf, type Made } from './pictures.ts';

/**
 * What staff and access providers get of a stored file: a PDF document as it was sent, and of everything else its clean copy, or nothing
 * where none can be made. The customer gets back what they sent: it is theirs, with all that their camera wrote into it.
 */
export async function givenOut(files: Files, name: string): Promise<Made> {
  const content = await files.load(name);
  if (!content) return 'gone';
  return (await isPdf(content)) ? content : cleanCopyOf(files, name);
}

async function isPdf(content: Buffer): Promise<boolean> {
  const type = await fileTypeFromBuffer(content);
  return type?.mime === 'application/pdf';
}
