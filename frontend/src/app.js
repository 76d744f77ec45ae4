// Every page: htmx, and the enhancements that README.md lists. Nothing here is needed to use a page.

import './app.css';

import './page/requests.js';
import { enhance } from './page/enhance.js';

enhance(document);
document.addEventListener('htmx:load', (event) => enhance(event.detail.elt));
