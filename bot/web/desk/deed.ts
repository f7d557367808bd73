import { useState } from 'preact/hooks';
import { explain } from './words.ts';

/** Does something once, and closes when it is done; says why where it could not be done. */
export function useDeed(close: () => void) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (deed: () => Promise<unknown>) => {
    setBusy(true);
    setProblem('');
    try {
      await deed();
      close();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return { act, problem, busy, setProblem };
}
