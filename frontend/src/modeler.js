import './modeler.css';
