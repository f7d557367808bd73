import { render } from 'preact';
import { Chime, notify } from './alerts.ts';
import { Desk } from './desk.ts';
import { DeskApp } from './desk-app.tsx';

const chime = new Chime();
const desk: Desk = new Desk({
  alert: (kind, words) => {
    if (desk.preferences.sound) chime.ring(kind);
    if (desk.preferences.notifications) notify(words);
  },
});

const app = document.getElementById('app');
if (app) render(<DeskApp desk={desk} />, app);
void desk.begin();
