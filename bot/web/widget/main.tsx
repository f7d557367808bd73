import { render } from 'preact';
import { Widget } from './widget.tsx';

const app = document.getElementById('app');
if (app) render(<Widget host={decodeURIComponent(location.hash.slice(1))} />, app);
