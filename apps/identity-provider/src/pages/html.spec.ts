import { expect, it } from 'vitest';
import { html as page } from './html.js';

// Under this name the formatter leaves the markup alone.

it('whatever came from elsewhere is escaped, in text and in attributes', () => {
  const name = `"><script>alert('x')</script>&`;
  expect(page`<input value="${name}" /><p>${name}</p>`.markup).toBe(
    `<input value="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;" /><p>&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>`,
  );
});

it('markup of ours is kept, lists of it too, and nothing stands for what is not there', () => {
  const items = ['<a>', '<b>'].map((text) => page`<li>${text}</li>`);
  expect(page`<ul>${items}${undefined}${false}${0}</ul>`.markup).toBe('<ul><li>&lt;a&gt;</li><li>&lt;b&gt;</li>0</ul>');
});
