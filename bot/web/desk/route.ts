import { useEffect, useState } from 'preact/hooks';

/** The parts of the address behind the #: the page, and what of it is shown. */
export function useRoute(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const look = () => setHash(location.hash);
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return hash.split('/').slice(1);
}

export const caseAddress = (number: string) => `#/cases/${encodeURIComponent(number)}`;
