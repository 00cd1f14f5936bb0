import 'reflect-metadata';
import { afterAll } from 'vitest';
import { closeWhatIsOpen } from './cleanup.js';

afterAll(closeWhatIsOpen);
