import type { ServerResponse } from 'node:http';
import { fileTypeFromBuffer } from 'file-type';
import { HttpError, notFound } from '../../http/http-error.ts';
import type { RoutedRequest } from '../../http/web-server.ts';
import type { Files } from '../../store/files.ts';
import type { Tokens } from './tokens.ts';

/**
 * Gives out a stored file to whoever holds its address, which expires. Images show in a page, and nothing in a file can run:
 * it is offered as a download, of a type found in its content, and sandboxed.
 */
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
  const type = await fileTypeFromBuffer(content);
  response.writeHead(200, {
    'Content-Type': type?.mime ?? 'application/octet-stream',
    'Content-Length': content.length,
    'Content-Disposition': `attachment; filename="file.${type?.ext ?? 'bin'}"`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    // Shown as a picture by pages of other origins, which hold the ticket.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  response.end(content);
}
