import { nothing } from 'fs';
