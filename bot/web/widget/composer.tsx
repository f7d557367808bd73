import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isComposing } from '../shared/input.ts';
import { FileChip } from './file-chip.tsx';
import { acceptedTypes, withFiles } from './files.ts';

const longest = 2000;
const tallestPx = 132;

export interface ComposerProps {
  send: (text: string, files: readonly File[]) => void;
  field: RefObject<HTMLTextAreaElement | null>;
  /** A form has asked something: what is typed now answers it. */
  asked: boolean;
  /** Called while the visitor types. */
  typing: () => void;
}

/** Where the visitor types, and adds files. Enter sends, except while an input method is still composing characters. */
export function Composer({ send, field, asked, typing }: ComposerProps) {
  const [text, setText] = useState('');
  const { files, problem, add, remove, settle, clear } = useFiles();
  const picker = useRef<HTMLInputElement>(null);
  const attach = useRef<HTMLButtonElement>(null);
  const trimmed = text.trim();
  const tooMany = trimmed.length - longest;
  const nothing = trimmed === '' && files.length === 0;
  const label = asked ? '请输入回答' : '请输入问题';

  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, tallestPx)}px`;
  }, [text, field]);

  const submit = () => {
    field.current?.focus();
    if (nothing || tooMany > 0) return;
    send(trimmed, files);
    setText('');
    clear();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {tooMany > 0 && (
        <p class="limit" role="status">
          多了{tooMany}个字：一条最多{longest}字，可以分几条发送。
        </p>
      )}
      {problem && (
        <p class="limit" role="alert">
          {problem}
        </p>
      )}
      {files.length > 0 && (
        <ul class="files" aria-label="要发送的文件">
          {files.map((file, at) => (
            <FileChip key={at} name={file.name} contentType={file.type} bytes={file.size}>
              <button
                type="button"
                aria-label={`不发送${file.name}`}
                onClick={() => {
                  remove(at);
                  // The button goes away: the focus must not go with it, nor a keyboard come up.
                  attach.current?.focus();
                }}
              >
                <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
                  <path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M6 6l12 12M18 6L6 18" />
                </svg>
              </button>
            </FileChip>
          ))}
        </ul>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={acceptedTypes.join(',')}
        onChange={({ currentTarget }) => {
          add(currentTarget.files);
          currentTarget.value = ''; // so that the same file can be picked again
        }}
      />
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={files.length > 0 ? '可以加一句说明' : label}
        aria-label={label}
        enterkeyhint="send"
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          settle();
          if (currentTarget.value !== '') typing();
        }}
        onPaste={(event) => {
          const pasted = event.clipboardData?.files;
          if (!pasted?.length) return;
          event.preventDefault();
          add(pasted);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <button ref={attach} type="button" class="attach" aria-label="添加图片或PDF文件" onClick={() => picker.current?.click()}>
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <path
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            d="M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.3-2.3l7.4-7.4"
          />
        </svg>
      </button>
      <button type="submit" disabled={nothing || tooMany > 0} aria-label="发送">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path fill="currentColor" d="M3 20.5l18-8.5L3 3.5v6.6l11 1.9-11 1.9z" />
        </svg>
      </button>
    </form>
  );
}

/** The files to send: picked, pasted, or dropped anywhere on the chat. */
function useFiles() {
  const [{ files, problem }, setPicked] = useState<{ files: File[]; problem: string }>({ files: [], problem: '' });
  const add = (added: FileList | null) => {
    const list = [...(added ?? [])];
    setPicked((picked) => withFiles(picked.files, list));
  };
  useEffect(() => {
    const over = (event: DragEvent) => event.dataTransfer?.types.includes('Files') && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return {
    files,
    problem,
    add,
    remove: (at: number) => setPicked((picked) => ({ files: picked.files.filter((_, other) => other !== at), problem: '' })),
    /** The visitor goes on: what was said about files that were not added has been read. */
    settle: () => setPicked((picked) => (picked.problem ? { ...picked, problem: '' } : picked)),
    clear: () => setPicked({ files: [], problem: '' }),
  };
}
