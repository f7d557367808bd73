import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { init } from '@embedpdf/pdfium';
import { limitMemory } from './limit-memory.ts';

/*
 * A process of its own that counts the pages of a PDF document, as Chromium's reader does: the document comes on standard input, their
 * number goes to standard output. A document may unfold to gigabytes, or lead in circles: then only this process ends. The reader is
 * WebAssembly, which reaches nothing but its own memory. Argument: the most memory it may hold, in bytes. Exit code 2: it cannot be read,
 * or has no pages; 3: it opens with a password only.
 */

/** FPDF_ERR_PASSWORD (fpdfview.h). */
const passwordNeeded = 4;
const wasmPageBytes = 65_536;

limitMemory();
limitGrowth();
const reader = await init({ wasmBinary: wasm() });
reader.FPDF_InitLibrary();
const content = await buffer(process.stdin);
const at = reader.pdfium.wasmExports.malloc(content.length);
// Emscripten has it; the package says nothing of it.
(reader.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8.set(content, at);
// What has a password for changes only opens with an empty one.
const opened = reader.FPDF_LoadMemDocument(at, content.length, '');
const pages = opened === 0 ? 0 : reader.FPDF_GetPageCount(opened);
if (pages > 0) process.stdout.end(String(pages));
else process.exitCode = opened === 0 && reader.FPDF_GetLastError() === passwordNeeded ? 3 : 2;

/** While the reader works, nothing else in this process does, `limitMemory` neither: what grows has to pass here. */
function limitGrowth(): void {
  const { grow } = WebAssembly.Memory.prototype;
  const mostBytes = Number(process.argv[2]) - process.memoryUsage.rss();
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages) {
    if (this.buffer.byteLength + pages * wasmPageBytes > mostBytes) process.kill(process.pid, 'SIGKILL');
    return grow.call(this, pages);
  };
}

function wasm(): ArrayBuffer {
  const file = readFileSync(createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm'));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}
