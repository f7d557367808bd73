import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfirmedBy, Entered } from '../../desk/desk-api.ts';
import { api, Refused, send } from './calls.ts';
import { Password } from './sign-in.tsx';

/**
 * For what takes that its owner has just shown who they are. Where that was too long ago, the dialog asks for the password, beside what is
 * filled in already, and goes on from there.
 */
export function useConfirmation() {
  const [by, setBy] = useState<Entered | undefined>(undefined);
  const [password, setPassword] = useState('');
  const confirmed = async <T,>(deed: () => Promise<T>): Promise<T> => {
    if (by === 'password') await send('session/confirm', { password });
    try {
      return await deed();
    } catch (error) {
      if (error instanceof Refused && error.code === 'ConfirmationNeeded') {
        setPassword('');
        setBy((error.facts as unknown as ConfirmedBy).by);
      }
      throw error;
    }
  };
  return { confirmed, by, password, setPassword };
}

export interface ConfirmationProps {
  confirmation: ReturnType<typeof useConfirmation>;
  /** The page to come back to, as it stands behind `#/`. */
  page: string;
}

export function Confirmation({ confirmation: { by, password, setPassword }, page }: ConfirmationProps) {
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    field.current?.querySelector<HTMLElement>('input, a')?.focus();
  }, [by]);
  if (by === undefined) return null;
  return (
    <div ref={field}>
      {by === 'password' ? (
        <Password label="登录密码" value={password} set={setPassword} autocomplete="current-password" />
      ) : (
        <a class="button sign-on" href={`${api}/sign-on?confirm=${encodeURIComponent(page)}`}>
          用公司账号验证，回来后再操作一次
        </a>
      )}
    </div>
  );
}
