<p>page
