import type { FileRefusal } from '../../dialogs/message.ts';
import { fileRefused } from '../../dialogs/messages.ts';
import { HttpError } from '../http/http-error.ts';

const forms = {
  infected: { status: 422, code: 'FileInfected' },
  unscanned: { status: 503, code: 'FileNotScanned', headers: { 'Retry-After': '60' } },
  unasked: { status: 403, code: 'UploadNotAsked' },
  'too-much': { status: 413, code: 'TooMuchUploaded' },
  'pdf-too-long': { status: 413, code: 'PdfTooLong' },
  'pdf-locked': { status: 422, code: 'PdfLocked' },
  'pdf-unreadable': { status: 422, code: 'PdfUnreadable' },
} satisfies Record<FileRefusal, { status: number; code: string; headers?: Record<string, string> }>;

/**
 * A customer's file is not taken in, whatever it is. Unlike other errors' messages, this one is for customers, in the words of the bot:
 * clients may show it, and channels without HTTP have the bot say it.
 */
export class UploadRefused extends HttpError {
  readonly why: FileRefusal;

  constructor(why: FileRefusal) {
    const { status, code, headers = {} }: { status: number; code: string; headers?: Record<string, string> } = forms[why];
    super(status, code, fileRefused(why), headers);
    this.name = 'UploadRefused';
    this.why = why;
  }
}
