import type { ServerResponse } from 'node:http';
import { HttpError, notFound } from '../../http/http-error.ts';
import type { RoutedRequest } from '../../http/web-server.ts';
import { sendFile } from '../../send-file.ts';
import type { Files } from '../../store/files.ts';
import type { Tokens } from './tokens.ts';

/** Gives out a stored file to whoever holds its address, which expires. */
export async function serveFile(
  request: RoutedRequest,
  response: ServerResponse,
  { tokens, files }: { tokens: Tokens; files: Files },
): Promise<void> {
  const { id, file = '' } = request.params;
  const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('t') ?? '';
  const verified = await tokens.verify('file', ticket);
  if (verified.outcome !== 'valid' || verified.grant.conv !== id || verified.grant.file !== file) {
    throw new HttpError(403, 'Forbidden', 'The address of this file is not, or no longer, valid.');
  }
  const content = await files.load(file);
  if (!content) throw notFound();
  // Shown as a picture by pages of other origins, which hold the ticket.
  await sendFile(response, content, 'cross-origin');
}
