import { writeFileSync } from 'node:fs';
import { openApiDocument } from '@labelyard/contract';
import { VERSION } from './version.js';

// Writes the committed OpenAPI file. A test fails when it is not what the contract says.
const file = new URL('../openapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(openApiDocument(VERSION), null, 2)}\n`);
