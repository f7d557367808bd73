import type { Made } from '../documents/pictures.ts';
import { HttpError, notFound } from '../http/http-error.ts';

/**
 * The content, where there is any to give out: throws 404 when the file is gone, 409 when the picture cannot be made anew, and 503 when that
 * may go better another time. The original is not given out instead: it may say where it was taken. `name`: of the document, where it is
 * one of several.
 */
export function contentOf(made: Made, name?: string): Buffer {
  switch (made) {
    case 'gone':
      throw notFound();
    case 'undecodable':
      throw new HttpError(
        409,
        'PictureUnreadable',
        'The picture cannot be read.',
        {},
        reason(name, '打不开，可能已损坏，请让客户重新发一张'),
      );
    case 'stopped':
      throw new HttpError(
        503,
        'PictureNotReady',
        'The picture could not be made ready: try again.',
        { 'Retry-After': '30' },
        reason(name, '一时处理不了，请稍后再试；一直不行，请让客户重新发一张'),
      );
    default:
      return made;
  }
}

/** For whoever sits at the desk, see `explain` of its page. */
function reason(name: string | undefined, what: string): { reason: string } {
  return { reason: `${name === undefined ? '这张图片' : `材料“${name}”`}${what}` };
}
