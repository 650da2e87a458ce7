// The pages work without this. It makes photos turn by key and by thumb, counts instalments while one types, passes a
// car on, and remembers, in this browser only, which cars were looked at.
(() => {
  const $ = (selector) => document.querySelector(selector);
  const slug = $('[data-slug]')?.dataset.slug;

  // Where things are is asked no sooner than the visitor does something: an answer costs a layout of the page.
  const slides = $('.slides');
  const thumbs = [...document.querySelectorAll('.thumbs a')];
  if (slides) {
    const show = (number) => slides.scrollTo({ left: number * slides.clientWidth });
    thumbs.forEach((thumb, number) => thumb.addEventListener('click', (event) => {
      event.preventDefault();
      show(number);
    }));
    slides.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); show(Math.round(slides.scrollLeft / slides.clientWidth) + step); }
    });
    const photos = [...slides.children];
    const watch = new IntersectionObserver((changes) => {
      for (const { target, intersectionRatio } of changes) {
        const thumb = thumbs[photos.indexOf(target)];
        if (intersectionRatio >= .5) thumb.setAttribute('aria-current', 'true');
        else thumb.removeAttribute('aria-current');
      }
    }, { root: slides, threshold: .5 });
    if (thumbs.length) photos.forEach((photo) => watch.observe(photo));
  }

  const form = $('.sim');
  if (form) {
    const { price, flat, insurance, admin } = Object.fromEntries(
      Object.entries(form.dataset).map(([name, value]) => [name, Number(value)]));
    const rupiah = (sum) => 'Rp ' + String(sum).replace(/\B(?=(\d{3})+$)/g, '.');
    const read = (text) => {
      const found = /^\s*(?:rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s*(jt|juta)?\s*$/i.exec(text);
      if (!found) return NaN;
      const number = Number(found[1].replaceAll('.', '').replace(',', '.'));
      return Math.round(number * (found[2] || number < 1000 ? 1e6 : 1));
    };
    const instalment = (dp, months) => {
      const years = months / 12;
      const financed = price - dp + price * insurance / 100 * years;
      return Math.ceil(Math.round(financed * (1 + flat / 100 * years) / months) / 1000) * 1000;
    };
    const count = () => {
      const dp = read(form.dp.value);
      if (!(dp >= 1e7 && dp < price)) return; // the button asks the server, which says what is wrong
      const chosen = Number(form.tenor.value);
      const tenors = chosen ? [chosen] : [...form.tenor.options].map((one) => Number(one.value)).filter(Boolean);
      $('#hasil tbody').innerHTML = tenors.map((months) =>
        `<tr><td>${months} bulan</td><td><b>${rupiah(instalment(dp, months))}</b></td></tr>`).join('');
      $('#hasil .sub b').textContent = rupiah(dp + admin);
    };
    form.addEventListener('input', count);
  }

  // What is left empty need not stand in the address.
  $('form.filter')?.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });

  const share = $('[data-share]');
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener('click', () => {
      navigator.share({ title: document.title, url: $('link[rel=canonical]').href }).catch(() => {});
    });
  }

  const seen = () => {
    try {
      const kept = JSON.parse(localStorage.getItem('dilihat'));
      return Array.isArray(kept) ? kept.filter((one) => /^[a-z0-9-]{1,200}$/.test(one)) : [];
    } catch { return []; }
  };
  const before = seen().filter((one) => one !== slug);
  if (slug) {
    try { localStorage.setItem('dilihat', JSON.stringify([slug, ...before].slice(0, 5))); } catch { /* private mode */ }
  }
  const place = $('#dilihat');
  if (place && before.length) {
    // The page's own photos come first.
    addEventListener('load', () => {
      fetch('/dilihat?mobil=' + before.slice(0, 3).join(',')).then((answer) => answer.ok ? answer.text() : '').then((cards) => {
        // Nothing moves under the eyes of who is there already.
        if (!cards || place.previousElementSibling.getBoundingClientRect().bottom < innerHeight) return;
        const list = document.createElement('ul');
        list.className = 'grid';
        list.innerHTML = cards;
        place.append(list);
        place.hidden = false;
      }).catch(() => {});
    });
  }
})();
