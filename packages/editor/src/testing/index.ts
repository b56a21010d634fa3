export { stored, storedBox, storedPolygon } from './fixtures.js';
export { TEST_IMAGE, TestEditor } from './test-editor.js';
