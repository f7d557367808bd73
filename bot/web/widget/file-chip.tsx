import type { ComponentChildren } from 'preact';
import { formatSize } from './files.ts';

export interface FileChipProps {
  name: string;
  contentType: string;
  bytes?: number | undefined;
  children?: ComponentChildren;
}

/** A file by its name. The picture itself is not shown: others may look at this screen, too. */
export function FileChip({ name, contentType, bytes, children }: FileChipProps) {
  const pdf = contentType === 'application/pdf' || /\.pdf$/i.test(name);
  return (
    <li class="file">
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
        <path stroke-linejoin="round" d={pdf ? 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6' : 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01'} />
      </svg>
      <span class="name">
        {name}
        {bytes !== undefined && <small> {formatSize(bytes)}</small>}
      </span>
      {children}
    </li>
  );
}
