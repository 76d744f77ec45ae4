import './decisions.css';
