import type { Refusal } from './direct-line.ts';

// As the server has them in `bot/documents/store-document.ts` and `bot/channels/direct-line/uploads.ts`; a test compares them.
export const mostFiles = 5;
export const mostBytes = 10 * 1024 * 1024;
export const acceptedTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
const acceptedNames = /\.(jpe?g|png|webp|pdf)$/i;

/** The files to send after these were added, and a sentence for the visitor about those that were not. */
export function withFiles(picked: readonly File[], added: readonly File[]): { files: File[]; problem: string } {
  const problems = new Set<string>();
  const files = [...picked];
  for (const file of added) {
    const problem = problemOf(file) || (files.length >= mostFiles ? `一次最多发${mostFiles}个文件，多出来的没有添加。` : '');
    if (problem) problems.add(problem);
    else files.push(file);
  }
  return { files, problem: [...problems].join('') };
}

function problemOf({ name, type, size }: File): string {
  // Some phones do not tell the type.
  if (!(type ? acceptedTypes.includes(type) : acceptedNames.test(name))) return `“${name}”不能发送：只支持JPG、PNG、WebP图片和PDF文件。`;
  if (size > mostBytes) return `“${name}”有${formatSize(size)}，超过了10 MB，请压缩后再发。`;
  return size === 0 ? `“${name}”是空文件，请重新选择。` : '';
}

// As the server has them in `bot/documents/upload-refused.ts`; a test compares them.
export const fileCodes = [
  'FileInfected',
  'FileNotScanned',
  'UploadNotAsked',
  'TooMuchUploaded',
  'PdfTooLong',
  'PdfLocked',
  'PdfUnreadable',
];

/** The server does not take these files now, or not at all: the session is good, and trying again by itself would not help. */
export function concernsFiles(code: string): boolean {
  return fileCodes.includes(code);
}

/** What was refused may be taken another time, so that it can be sent again without being picked again. */
export function mayComeAgain({ code }: Refusal): boolean {
  return code === 'FileNotScanned' || code === 'UploadNotAsked';
}

/** What to tell the visitor when the server did not take the files. */
export function explainRefusal({ status, code, message }: Refusal): string {
  // In the server's own words, which are for customers.
  if (concernsFiles(code)) return message;
  switch (code) {
    case 'FileTooBig':
      return '没有发出：有文件超过了10 MB，请压缩后再发。';
    case 'TooManyFiles':
      return `没有发出：一次最多发${mostFiles}个文件，请分几次发。`;
    case 'PictureTooLarge':
      return '没有发出：图片的长宽太大了，请缩小后再发，普通手机照片就可以。';
    case 'AnimatedPicture':
      return '没有发出：动态图片不能用作材料，请换一张普通照片。';
    case 'UnreadablePicture':
      return '没有发出：图片打不开，可能已经损坏，请换一张再发。';
    default:
      if (status === 413) return '没有发出：文件太大，请压缩后再发。';
      if (status === 415) return '没有发出：只支持JPG、PNG、WebP图片和PDF文件。';
      return '';
  }
}

export function formatSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
