import type { ServerResponse } from 'node:http';
import { fileTypeFromBuffer } from 'file-type';

/**
 * Sends a stored file. Pictures show in a page, and nothing in a file can run: it is offered as a download, of a type found in its content,
 * and sandboxed. `readers`: pages of which origins may show it.
 */
export async function sendFile(response: ServerResponse, content: Buffer, readers: 'same-origin' | 'cross-origin'): Promise<void> {
  const type = await fileTypeFromBuffer(content);
  response.writeHead(200, {
    'Content-Type': type?.mime ?? 'application/octet-stream',
    'Content-Length': content.length,
    'Content-Disposition': `attachment; filename="file.${type?.ext ?? 'bin'}"`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': readers,
  });
  response.end(content);
}
